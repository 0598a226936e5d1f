// The event log as it lies in a PostgreSQL database of its own.
import pg from 'pg';

/**
 * Creates or updates the event log's tables. Runs as the owner; apps connect as a role that only reads and writes rows.
 * Safe to call from several processes at once.
 */
export async function migrateEventLog(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock(hashtextextended('caregraph event log', 0))`);
    await client.query(tables);
    await client.query(appending);
    await client.query('commit');
  } finally {
    await client.end();
  }
}

// A topic keeps the number of partitions it was created with: another number would send a key to another partition,
// and its events would lose their order.
const tables = `
create table if not exists event_topic (
  topic text primary key,
  partitions int not null check (partitions > 0)
);
create table if not exists event_partition (
  topic text not null references event_topic,
  partition int not null,
  next_offset bigint not null default 0,
  primary key (topic, partition)
);
create table if not exists event_log (
  topic text not null,
  partition int not null,
  log_offset bigint not null,
  key text not null,
  payload jsonb not null,
  appended_at timestamptz not null default now(),
  primary key (topic, partition, log_offset)
);
create index if not exists event_log_by_key on event_log (topic, key, log_offset);
create index if not exists event_log_appended_at on event_log (appended_at);
create table if not exists event_offset (
  group_name text not null,
  topic text not null,
  partition int not null,
  next_offset bigint not null,
  primary key (group_name, topic, partition)
);`;

// The writers of a partition take turns until they commit. A plain serial gives the number first and commits later: a
// reader that has seen 8 would never come back for a 7 that committed after it. Locks are taken in sorted order, so
// two writers of the same partitions cannot block each other; and topics that exist are left alone, because even an
// insert that does nothing on conflict waits for whoever just updates the row.
const appending = `
create or replace function create_event_topics(topics text[], wanted int) returns void language sql as $$
  with made as (
    insert into event_topic select distinct t, wanted from unnest(topics) t
     where not exists (select 1 from event_topic known where known.topic = t) order by t
    on conflict do nothing returning topic, partitions
  )
  insert into event_partition (topic, partition)
    select topic, p from made, generate_series(0, partitions - 1) p;
$$;

create or replace function append_events(topics text[], keys text[], payloads jsonb[], wanted int)
returns void language plpgsql as $$
declare
  target record;
  first_offset bigint;
begin
  perform create_event_topics(topics, wanted);
  for target in
    select r.topic, abs(hashtextextended(r.key, 0) % t.partitions)::int as partition,
           array_agg(r.key order by r.place) as keys, array_agg(r.payload order by r.place) as payloads
      from unnest(topics, keys, payloads) with ordinality r(topic, key, payload, place)
      join event_topic t using (topic)
     group by 1, 2 order by 1, 2
  loop
    perform pg_advisory_xact_lock(hashtextextended('append ' || target.topic || ' ' || target.partition, 0));
    update event_partition set next_offset = next_offset + cardinality(target.keys)
     where topic = target.topic and partition = target.partition
     returning next_offset - cardinality(target.keys) into first_offset;
    insert into event_log (topic, partition, log_offset, key, payload)
      select target.topic, target.partition, first_offset + e.place - 1, e.key, e.payload
        from unnest(target.keys, target.payloads) with ordinality e(key, payload, place);
  end loop;
  perform pg_notify('event_log', '');
end $$;`;
