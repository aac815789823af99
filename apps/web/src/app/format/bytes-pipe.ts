import { Pipe, type PipeTransform } from '@angular/core';
import { formatBytes } from '@ferry/protocol';

@Pipe({ name: 'bytes' })
export class BytesPipe implements PipeTransform {
  transform(value: number): string {
    return formatBytes(value);
  }
}
