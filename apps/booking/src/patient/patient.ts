// A patient of one practice. Whoever is seen by two practices is two patients, tied by the same login.
import { patientChanged, Refusal, type EventOf } from '@caregraph/contracts';

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

export class Patient {
  id!: string;
  practiceId!: string;
  version = 1;
  /** Contact as JSON, sealed: the database never holds it in the clear. */
  contact!: string;
  timeZone!: string;
  /** BCP 47. */
  language!: string;
  textConsentAt!: Date;
  createdAt!: Date;
  updatedAt!: Date;

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
}

/** What a patient's contact is sealed for, here and in every copy. */
export const contactContext = (patientId: string): string => `patient:${patientId}:contact`;
