import { HttpParams } from '@angular/common/http';

/** Query parameters without the ones that are not set; an empty search is none, an empty folder is the top. */
export function listParams(query: object): HttpParams {
  let params = new HttpParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && (value !== '' || name === 'folder')) params = params.set(name, String(value));
  }
  return params;
}
