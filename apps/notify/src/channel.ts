/** What every way of telling people has in common. */
import type { DropforestEvent } from '@dropforest/contracts';
import type { Message } from './message.ts';

/** A happening, for programs and for people. */
export interface Telling {
  readonly event: DropforestEvent;
  readonly message: Message;
}

/** Nobody has heard of it: it may be tried again. */
export interface Failed {
  readonly kind: 'failed';
  readonly reason: string;
  /** How long the receiver asks to be left alone, in seconds. */
  readonly afterSeconds?: number | undefined;
}
/** Nobody has heard of it, and nobody will until a person changes something. */
export interface Refused {
  readonly kind: 'refused';
  readonly reason: string;
}
/**
 * How sending ended. Reasons go into logs and records, so they hold codes and our own words only: never an address, an
 * answer's body or an error's message, in which a secret may stand.
 */
export type Outcome =
  | { readonly kind: 'sent' }
  | Failed
  | Refused
  /** The request was on its way, and there was no answer. */
  | { readonly kind: 'uncertain'; readonly reason: string };

export type Send = (telling: Telling) => Promise<Outcome>;

export interface Channel {
  /** Whether its receiver tells a message that it has already by its id, so that one may be sent again. */
  readonly repeatable: boolean;
  /** Reads whatever sending needs: what comes after it is the sending alone. */
  open(): Promise<Send | Failed | Refused>;
}
