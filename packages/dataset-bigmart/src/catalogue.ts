/** The invented shops and goods behind the rows. They are the same for every seed, as a chain's shops and goods are. */
import { createRandom } from './random.ts';
import type { Random } from './random.ts';

export interface Outlet {
  readonly id: string;
  readonly type: 'Grocery Store' | 'Supermarket Type1' | 'Supermarket Type2' | 'Supermarket Type3';
  readonly tier: 'Tier 1' | 'Tier 2' | 'Tier 3';
  /** Missing where the outlet never reports it. */
  readonly size?: 'Small' | 'Medium' | 'High';
  readonly founded: number;
  /** Whether its rows have the weight of the item. */
  readonly weighs: boolean;
  /** Share of the rows, in units of a common one. */
  readonly weight: number;
  /** How many of an item it sells, on average. */
  readonly unitsSold: number;
}

export interface Item {
  readonly id: string;
  readonly type: string;
  readonly fat: 'Low Fat' | 'Regular';
  readonly weight: number;
  readonly price: number;
  readonly visibility: number;
}

export const OUTLETS: readonly Outlet[] = [
  { id: 'OUT101', type: 'Grocery Store', tier: 'Tier 3', founded: 1996, weighs: true, weight: 3, unitsSold: 2.3 },
  { id: 'OUT102', type: 'Grocery Store', tier: 'Tier 1', size: 'Small', founded: 1988, weighs: false, weight: 3, unitsSold: 2.6 },
  { id: 'OUT103', type: 'Supermarket Type1', tier: 'Tier 3', size: 'High', founded: 1990, weighs: true, weight: 5, unitsSold: 15.6 },
  { id: 'OUT104', type: 'Supermarket Type1', tier: 'Tier 2', founded: 2006, weighs: true, weight: 5, unitsSold: 16.4 },
  { id: 'OUT105', type: 'Supermarket Type1', tier: 'Tier 2', size: 'Small', founded: 2003, weighs: true, weight: 5, unitsSold: 17.1 },
  { id: 'OUT106', type: 'Supermarket Type1', tier: 'Tier 2', founded: 2001, weighs: true, weight: 5, unitsSold: 15.2 },
  { id: 'OUT107', type: 'Supermarket Type1', tier: 'Tier 1', size: 'Small', founded: 1998, weighs: true, weight: 5, unitsSold: 16.1 },
  { id: 'OUT108', type: 'Supermarket Type1', tier: 'Tier 1', size: 'Medium', founded: 2000, weighs: true, weight: 5, unitsSold: 16.6 },
  { id: 'OUT109', type: 'Supermarket Type2', tier: 'Tier 3', size: 'Medium', founded: 2010, weighs: true, weight: 5, unitsSold: 13.7 },
  { id: 'OUT110', type: 'Supermarket Type3', tier: 'Tier 3', size: 'Medium', founded: 1988, weighs: false, weight: 5, unitsSold: 26.2 },
];

/** Item type → prefix of the item's id (food, drink, non-consumable) and how many items of a hundred have it. */
const TYPES: readonly { readonly type: string; readonly prefix: 'FD' | 'DR' | 'NC'; readonly share: number }[] = [
  { type: 'Fruits and Vegetables', prefix: 'FD', share: 14 },
  { type: 'Snack Foods', prefix: 'FD', share: 14 },
  { type: 'Household', prefix: 'NC', share: 11 },
  { type: 'Frozen Foods', prefix: 'FD', share: 10 },
  { type: 'Dairy', prefix: 'FD', share: 8 },
  { type: 'Canned', prefix: 'FD', share: 8 },
  { type: 'Baking Goods', prefix: 'FD', share: 8 },
  { type: 'Health and Hygiene', prefix: 'NC', share: 6 },
  { type: 'Soft Drinks', prefix: 'DR', share: 5 },
  { type: 'Meat', prefix: 'FD', share: 5 },
  { type: 'Breads', prefix: 'FD', share: 3 },
  { type: 'Hard Drinks', prefix: 'DR', share: 2 },
  { type: 'Others', prefix: 'NC', share: 2 },
  { type: 'Starchy Foods', prefix: 'FD', share: 2 },
  { type: 'Breakfast', prefix: 'FD', share: 1 },
  { type: 'Seafood', prefix: 'FD', share: 1 },
];

const CATALOGUE_SEED = 2013;
const ITEM_COUNT = 400;

export function createItems(): readonly Item[] {
  const random = createRandom(CATALOGUE_SEED);
  return Array.from({ length: ITEM_COUNT }, (_, index) => createItem(index, random));
}

/** Draws one of several by their weights. */
export function draw<T>(random: Random, choices: readonly T[], weightOf: (choice: T) => number): T {
  const total = choices.reduce((sum, choice) => sum + weightOf(choice), 0);
  let left = random.next() * total;
  const chosen = choices.find((choice) => (left -= weightOf(choice)) < 0) ?? choices.at(-1);
  if (chosen === undefined) throw new RangeError('draw: got no choices, expected at least one');
  return chosen;
}

function createItem(index: number, random: Random): Item {
  const { type, prefix } = draw(random, TYPES, ({ share }) => share);
  return {
    id: `${prefix}${String(1000 + index * 7)}`,
    type,
    fat: prefix === 'NC' || random.next() < 0.55 ? 'Low Fat' : 'Regular',
    weight: round(4.5 + 17 * random.next(), 2),
    price: 32 + 232 * random.next(),
    visibility: 0.005 + 0.16 * random.next() * random.next(),
  };
}

export function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
