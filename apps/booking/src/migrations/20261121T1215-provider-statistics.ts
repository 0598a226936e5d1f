import { Migration } from '@mikro-orm/migrations';

/** How each provider answers and is booked, computed every six hours from the appointments (GW-013). */
export class ProviderStatisticsMigration extends Migration {
  override up(): void {
    this.addSql(`create table provider_statistics (
      id uuid primary key,
      practice_id uuid not null,
      requests int not null,
      confirmed int not null,
      declined int not null,
      expired int not null,
      cancelled int not null,
      completed int not null,
      no_shows int not null,
      average_response_minutes int,
      median_response_minutes int,
      confirmation_rate_basis_points int,
      completion_rate_basis_points int,
      revenue_amount_minor bigint not null,
      revenue_currency char(3),
      last30_days_requests int not null,
      last30_days_confirmed int not null,
      last_booking_at timestamptz,
      last_completed_at timestamptz,
      calculated_at timestamptz not null
    )`);
  }
}
