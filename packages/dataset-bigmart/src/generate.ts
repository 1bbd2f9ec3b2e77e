import { createItems, draw, OUTLETS, round } from './catalogue.ts';
import type { Item, Outlet } from './catalogue.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';

export interface GenerateOptions {
  readonly rows: number;
  /** Rows of another seed are of the same shops and goods. */
  readonly seed: number;
  /** Whether the last column is the sales: with it a file to train on, without it one to predict. */
  readonly withTarget: boolean;
}

const COLUMNS = [
  'Item_Identifier',
  'Item_Weight',
  'Item_Fat_Content',
  'Item_Visibility',
  'Item_Type',
  'Item_MRP',
  'Outlet_Identifier',
  'Outlet_Establishment_Year',
  'Outlet_Size',
  'Outlet_Location_Type',
  'Outlet_Type',
] as const;
const TARGET = 'Item_Outlet_Sales';

/** Other spellings of the fat content and the share of its rows that have them. */
const SPELLINGS = {
  'Low Fat': [{ spelling: 'LF', share: 0.06 }, { spelling: 'low fat', share: 0.02 }, { spelling: 'Low Fat', share: 0.92 }],
  Regular: [{ spelling: 'reg', share: 0.04 }, { spelling: 'Regular', share: 0.96 }],
} as const;

/**
 * Big Mart rows as CSV text: header, LF line endings. The same options give the same text everywhere.
 *
 * An outlet either reports an item's weight or never does, and likewise its own size; fat contents are spelled in five
 * ways. Sales are price × units, where the units depend on the outlet and vary from row to row by about 45 %.
 */
export function generateBigMart({ rows, seed, withTarget }: GenerateOptions): string {
  const random = createRandom(seed);
  const items = createItems();
  const lines = [[...COLUMNS, ...(withTarget ? [TARGET] : [])].join(',')];
  for (let row = 0; row < rows; row++) {
    const item = draw(random, items, () => 1);
    const outlet = draw(random, OUTLETS, ({ weight }) => weight);
    const cells = cellsOf(item, outlet, random);
    const sales = round(item.price * outlet.unitsSold * Math.max(0.15, 1 + 0.45 * random.normal()), 4);
    lines.push((withTarget ? [...cells, sales] : cells).join(','));
  }
  return `${lines.join('\n')}\n`;
}

function cellsOf(item: Item, outlet: Outlet, random: Random): (string | number)[] {
  const { spelling } = draw<{ readonly spelling: string; readonly share: number }>(random, SPELLINGS[item.fat], ({ share }) => share);
  const shelf = outlet.type === 'Grocery Store' ? 1.7 : 1;
  const visibility = random.next() < 0.06 ? 0 : round(item.visibility * shelf * (0.9 + 0.2 * random.next()), 9);
  return [
    item.id,
    outlet.weighs ? item.weight : '',
    spelling,
    visibility,
    item.type,
    round(item.price + 4 * (random.next() - 0.5), 4),
    outlet.id,
    outlet.founded,
    outlet.size ?? '',
    outlet.tier,
    outlet.type,
  ];
}
