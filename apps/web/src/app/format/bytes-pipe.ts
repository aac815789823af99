import { Pipe, type PipeTransform } from '@angular/core';
import { formatBytes } from './format-bytes';

@Pipe({ name: 'bytes' })
export class BytesPipe implements PipeTransform {
  transform(value: number): string {
    return formatBytes(value);
  }
}
