import { Injectable, inject, signal } from '@angular/core';
import type { Pairing } from '@ferry/protocol';
import { ProblemError } from '../http/problem-error';
import { sentenceOf } from '../http/sentence-of';
import { PairingsStore } from './pairings-store';
import { startWords } from './start-words';

/** A device to compare with: its addresses are tried in their order. */
export interface ComparisonTarget {
  readonly name: string;
  readonly addresses: readonly string[];
  /** Device id, where it is known. */
  readonly peerId?: string;
}

export interface StartFailure {
  readonly target: ComparisonTarget;
  readonly text: string;
  readonly hint: string;
  /** The device does not answer: a connection test says where it ends. */
  readonly isUnreachable: boolean;
}

/** Begins one comparison. Provided by the pair dialog, for all its tabs. */
@Injectable()
export class ComparisonStart {
  private readonly store = inject(PairingsStore);
  private readonly target = signal<ComparisonTarget | null>(null);
  private readonly problem = signal<StartFailure | null>(null);
  private readonly begun = signal<string | null>(null);

  /** The device that is being dialled. */
  readonly dialling = this.target.asReadonly();
  readonly failure = this.problem.asReadonly();
  /** Id of the comparison to show. */
  readonly pairingId = this.begun.asReadonly();

  async start(target: ComparisonTarget): Promise<void> {
    if (this.target()) return;
    this.target.set(target);
    this.problem.set(null);
    try {
      this.begun.set((await this.claimFirst(target.addresses)).id);
    } catch (error) {
      this.problem.set(failureOf(target, error));
    } finally {
      this.target.set(null);
    }
  }

  /** Shows a comparison that the other side began. */
  show(pairingId: string): void {
    this.begun.set(pairingId);
  }

  /** Back to the tabs. */
  clear(): void {
    this.begun.set(null);
    this.problem.set(null);
  }

  /** Only an address at which nobody answers leads to the next one. */
  private async claimFirst([address = '', ...others]: readonly string[]): Promise<Pairing> {
    try {
      return await this.store.claim({ address });
    } catch (error) {
      if (others.length === 0 || !isUnreachable(error)) throw error;
      return this.claimFirst(others);
    }
  }
}

function failureOf(target: ComparisonTarget, error: unknown): StartFailure {
  const words = startWords(error instanceof ProblemError ? error.code : 'unknown');
  return { target, text: sentenceOf(error), ...words, isUnreachable: isUnreachable(error) };
}

function isUnreachable(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'peer-unreachable';
}
