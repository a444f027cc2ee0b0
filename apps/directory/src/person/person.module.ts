import { Module } from '@nestjs/common';
import { PropertyModule } from '../property/property.module.js';
import { PersonRpc } from './person.rpc.js';
import { PersonService } from './person.service.js';

@Module({ imports: [PropertyModule], controllers: [PersonRpc], providers: [PersonService] })
export class PersonModule {}
