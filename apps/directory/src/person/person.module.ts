import { Module } from '@nestjs/common';
import { PersonRpc } from './person.rpc.js';
import { PersonService } from './person.service.js';

@Module({ controllers: [PersonRpc], providers: [PersonService] })
export class PersonModule {}
