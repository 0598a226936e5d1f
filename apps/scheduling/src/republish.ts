// What scheduling can say again for those who keep copies.
import { restating, type Republishable } from '@caregraph/messaging';
import { AppointmentType } from './appointment-type/appointment-type.js';
import { Location } from './location/location.js';
import { Practice } from './practice/practice.js';
import { Provider } from './provider/provider.js';

export const republishable: Republishable = {
  practice: restating(Practice, (practices) => practices.map((practice) => practice.changed())),
  location: restating(Location, (locations) => locations.map((location) => location.changed())),
  provider: restating(Provider, async (providers, em) => {
    const practices = await em.find(Practice, { id: { $in: providers.map(({ practiceId }) => practiceId) } });
    const settings = new Map(practices.map(({ id, bookingSettings }) => [id, bookingSettings]));
    return providers.map((provider) => {
      const practice = settings.get(provider.practiceId);
      if (!practice) throw new Error(`The provider ${provider.id} has no practice.`);
      return provider.changed(practice);
    });
  }),
  'appointment-type': restating(AppointmentType, (types) => types.map((type) => type.changed())),
};
