import { defineErrors } from '../errors.js';

export const directoryErrors = defineErrors({
  'property.name-taken': { status: 409, describe: 'The organization has a property of this name.' },
  'property.already-linked': { status: 409, describe: 'The property is kept in step with another PMS already.' },
  'property.in-use': { status: 409, describe: 'People live in the property; archive them or let them move out first.' },
  'property.connected': { status: 409, describe: 'A PMS keeps the property in step; disconnect it there first.' },
  'removal.changed': { status: 409, describe: 'Who would be archived has changed since the preview; look again and confirm.' },
  'start.estimate-changed': { status: 409, describe: 'Who is affected has changed since the estimate; look again and confirm.' },
  'unit.exists': { status: 409, describe: 'The property has a unit of this building and number.' },
  'unit.from-pms': { status: 409, describe: 'The PMS names this bedroom; remove it there.' },
  'unit.occupied': { status: 409, describe: 'Somebody lives there or has access there.' },
  'resident.exists': {
    status: 409,
    describe: 'The property has this resident already: the same name and the same e-mail address or unit.',
  },
  'resident.unit-needed': { status: 400, describe: 'Everybody but a committee member needs a unit.' },
  'resident.dates': { status: 400, describe: 'The move-out must not be before the move-in.' },
  'resident.from-pms': { status: 409, describe: 'The PMS says where this resident lives; change it there.' },
  'person.still-resident': { status: 409, describe: 'The person still lives in a property; archive them first.' },
  'view.name-taken': { status: 409, describe: 'There is a saved view of this name.' },
});
