import { Pipe, type PipeTransform } from '@angular/core';
import { shownName } from './shown-name';

@Pipe({ name: 'shownName' })
export class ShownNamePipe implements PipeTransform {
  transform(value: string): string {
    return shownName(value);
  }
}
