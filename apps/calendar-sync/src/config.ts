// Calendar-sync's configuration: what every app with a database and events has.
import { commonConfig, databaseConfig, readConfig } from '@caregraph/runtime';

export const config = readConfig(commonConfig.extend(databaseConfig.shape), process.env);
