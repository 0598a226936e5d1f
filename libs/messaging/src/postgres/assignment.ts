// Which partitions belong to which member: every member computes the same from the same list, so none has to lead.

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** The member's even share of each topic's partitions, among those who subscribe to the topic. */
export function shareOf<T extends TopicPartition>(
  member: number,
  partitions: readonly T[],
  members: readonly { readonly topic: string; readonly member: number }[],
): T[] {
  const byTopic = new Map<string, number[]>();
  for (const each of members) byTopic.set(each.topic, [...(byTopic.get(each.topic) ?? []), each.member]);
  for (const list of byTopic.values()) list.sort((a, b) => a - b);
  return partitions.filter(({ topic, partition }) => {
    const list = byTopic.get(topic) ?? [];
    return list.length > 0 && list[(partition + startOf(topic)) % list.length] === member;
  });
}

/** Topics begin with different members, or the first member would get the odd partition of each. */
const startOf = (topic: string): number => Buffer.from(topic).reduce((sum, byte) => sum + byte, 0);
