import { Global, Module } from '@nestjs/common';
import { EventsService } from './events.service';

/** Live events for the UI. */
@Global()
@Module({ providers: [EventsService], exports: [EventsService] })
export class EventsModule {}
