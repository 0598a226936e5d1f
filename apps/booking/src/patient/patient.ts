// A patient of one practice. Whoever is seen by two practices is two patients, tied by the same login.
import { patientChanged, patientErased, Refusal, type EventOf } from '@caregraph/contracts';

export interface Contact {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  /** E.164. */
  readonly mobile: string;
}

export class PatientNotFound extends Refusal {
  readonly code = 'PATIENT_NOT_FOUND';
  readonly message = 'There is no such patient.';
}

export class PracticeNotFound extends Refusal {
  readonly code = 'PRACTICE_NOT_FOUND';
  readonly message = 'There is no such practice, or it takes no patients.';
}

export class TextConsentRequired extends Refusal {
  readonly code = 'TEXT_CONSENT_REQUIRED';
  readonly message = 'Appointments can only be booked with consent to texts about them.';
}

export class PatientHasAppointments extends Refusal {
  readonly code = 'PATIENT_HAS_APPOINTMENTS';
  readonly message: string;
  constructor(readonly appointments: number) {
    super();
    this.message = `The patient has ${appointments} appointments that are still on: end them first.`;
  }
}

export class PatientMoneyOpen extends Refusal {
  readonly code = 'PATIENT_MONEY_OPEN';
  readonly message = 'Money of the patient is held, or on its way back: wait until it is settled.';
}

export class Patient {
  id!: string;
  practiceId!: string;
  version = 1;
  /** Contact as JSON, sealed: the database never holds it in the clear. Null once he is erased. */
  contact!: string | null;
  timeZone!: string;
  /** BCP 47. */
  language!: string;
  textConsentAt!: Date;
  createdAt!: Date;
  updatedAt!: Date;
  /** What is left of him then is this row, which keeps older events from bringing him back. */
  erasedAt: Date | null = null;

  /** His contact is gone for good; the caller takes his logins and what was said of him. */
  erase(now: Date): EventOf<typeof patientErased> {
    this.contact = null;
    this.erasedAt = this.updatedAt = now;
    this.version += 1;
    return this.erased(now);
  }

  /** @param sealed the whole contact. */
  changeContact(sealed: string, accounts: readonly string[], now: Date): EventOf<typeof patientChanged> {
    this.contact = sealed;
    this.updatedAt = now;
    this.version += 1;
    return this.changed(accounts);
  }

  /** The present state once more, for those who keep a copy. */
  restated(accounts: readonly string[]): EventOf<typeof patientChanged> | EventOf<typeof patientErased> {
    return this.erasedAt ? this.erased(this.erasedAt) : this.changed(accounts);
  }

  /** Whole state, for those who keep a copy. */
  changed(accounts: readonly string[]): EventOf<typeof patientChanged> {
    return patientChanged.of({
      patientId: this.id,
      practiceId: this.practiceId,
      version: this.version,
      accounts: [...accounts],
      timeZone: this.timeZone,
      language: this.language,
      contact: this.contact,
      textConsent: true,
      erased: false,
    });
  }

  private erased(at: Date): EventOf<typeof patientErased> {
    return patientErased.of({
      patientId: this.id,
      practiceId: this.practiceId,
      version: this.version,
      erasedAt: at.toISOString(),
    });
  }
}

/** What a patient's contact is sealed for, here and in every copy. */
export const contactContext = (patientId: string): string => `patient:${patientId}:contact`;
