import type { RowSource } from './entry-set';
import { AFTER_SLASH, foldPath } from './entry-table';

/** Narrows a list to a place in the tree and to a search text. */
export class EntryFilter {
  private readonly place: RowSource;
  private readonly text: RowSource;
  /** Folded part of the path. */
  readonly search: string | undefined;

  /**
   * @param folder path of a folder (`''` = the top): what lies directly in it.
   * @param within path of a folder: what lies anywhere below it.
   */
  constructor(
    readonly folder: string | undefined,
    readonly within: string | undefined,
    search: string | undefined,
  ) {
    this.search = search ? foldPath(search) : undefined;
    this.place = placeOf(folder, within);
    this.text = this.search === undefined ? EVERYTHING : containing(this.search, folder ?? within ?? '');
  }

  /** The source with these conditions. */
  apply({ sql, values }: RowSource): RowSource {
    return {
      sql: sql + this.place.sql + this.text.sql,
      values: [...values, ...this.place.values, ...this.text.values],
    };
  }
}

const EVERYTHING: RowSource = { sql: '', values: [] };

function placeOf(folder: string | undefined, within: string | undefined): RowSource {
  if (folder !== undefined) return { sql: ' AND folder = ?', values: [folder] };
  if (within === undefined || within === '') return EVERYTHING;
  return { sql: ' AND path > ? AND path < ?', values: [`${within}/`, within + AFTER_SLASH] };
}

/** The name of the folder that is looked into is no match for what lies in it. */
function containing(search: string, place: string): RowSource {
  if (place === '') return { sql: ' AND instr(path_folded, ?) > 0', values: [search] };
  const start = [...foldPath(place)].length + 2; // characters, from 1, after the slash
  return { sql: ' AND instr(substr(path_folded, ?), ?) > 0', values: [start, search] };
}
