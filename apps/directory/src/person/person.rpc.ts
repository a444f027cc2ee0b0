import { erasePerson, exportPerson, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { PersonService } from './person.service.js';

@Controller()
export class PersonRpc {
  constructor(private readonly persons: PersonService) {}

  @Rpc(exportPerson)
  async export({ personId }: ParsedInputOf<typeof exportPerson>, call: Call) {
    return this.persons.export(personId, call);
  }

  @Rpc(erasePerson)
  async erase({ personId }: ParsedInputOf<typeof erasePerson>, call: Call) {
    return this.persons.erase(personId, call);
  }
}
