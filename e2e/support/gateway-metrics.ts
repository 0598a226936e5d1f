// What a gateway of a spec's own counts about itself.
import { parseScrape, sumOf } from './scrape.js';
import type { ProductionGateway } from './production.js';

export async function gatewayFigure(
  { url }: Pick<ProductionGateway, 'url'>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const response = await fetch(new URL('/metrics', url));
  return sumOf([parseScrape('gateway', await response.text())], name, labels);
}

/** How often it has called a subgraph. */
export const subgraphCalls = (gateway: Pick<ProductionGateway, 'url'>): Promise<number> =>
  gatewayFigure(gateway, 'caregraph_gateway_subgraph_duration_seconds_count');
