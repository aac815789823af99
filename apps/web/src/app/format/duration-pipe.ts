import { Pipe, type PipeTransform } from '@angular/core';
import { formatDuration } from './format-duration';

@Pipe({ name: 'duration' })
export class DurationPipe implements PipeTransform {
  transform(value: number): string {
    return formatDuration(value);
  }
}
