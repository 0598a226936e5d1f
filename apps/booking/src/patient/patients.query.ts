// Reading patients.
import { Arg, Ctx, Directive, ID, Query, Resolver } from 'type-graphql';
import { idOf } from '@caregraph/subgraph';
import { partnersRead } from '../caller/partners.js';
import type { Deps } from '../deps.js';
import type { Patient } from './patient.js';
import { findPatient, findPatients } from './patient-access.js';
import { PatientAccount } from './patient.entity.js';
import { PatientObject } from './patient.type.js';

/** A login acts for a family, not for a town. */
const mostOwnPatients = 50;

@Resolver()
export class PatientQueries {
  @Directive(partnersRead)
  @Query(() => PatientObject, {
    nullable: true,
    description: 'One patient; null when there is none that you may see.',
  })
  patient(@Ctx() { em, viewer }: Deps, @Arg('id', () => ID) id: string): Promise<Patient | null> {
    return findPatient(em, viewer, idOf('id', id));
  }

  @Directive(partnersRead)
  @Query(() => [PatientObject], {
    description: 'The patients that the person logged in acts for, at most 50.',
  })
  async myPatients(@Ctx() { em, viewer }: Deps): Promise<Patient[]> {
    if (!viewer.account) return [];
    const own = await em.find(
      PatientAccount,
      { sub: viewer.account },
      { limit: mostOwnPatients, orderBy: { createdAt: 'asc' } },
    );
    return findPatients(
      em,
      viewer,
      own.map(({ patientId }) => patientId),
    );
  }
}
