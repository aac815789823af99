import { Pipe, type PipeTransform } from '@angular/core';
import { formatSpeed } from './format-speed';

@Pipe({ name: 'speed' })
export class SpeedPipe implements PipeTransform {
  transform(value: number): string {
    return formatSpeed(value);
  }
}
