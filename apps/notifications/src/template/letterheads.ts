import type { OrgId, PropertyId, TemplateLanguage } from '@leasewire/contracts';
import { Injectable } from '@nestjs/common';
import type { FieldValues } from '../compose/field-registry.js';
import { KnownPropertyRepository } from '../known/known-property.repository.js';
import { languageOf } from '../schedule/when.rules.js';
import { SenderService } from '../sender/sender.service.js';
import type { Around } from '../text/texts.js';
import type { Frame } from './layout/mail-frame.rules.js';

export interface Letterhead {
  readonly sender: string;
  readonly address: string | null;
  readonly timeZone: string;
}

/** Whose name and address stand around a text. */
@Injectable()
export class Letterheads {
  constructor(
    private readonly senders: SenderService,
    private readonly properties: KnownPropertyRepository,
  ) {}

  async of(orgId: OrgId, propertyId: PropertyId | null): Promise<Letterhead> {
    const [{ name }, property] = await Promise.all([
      this.senders.of(orgId, propertyId),
      propertyId === null ? null : this.properties.findOne({ orgId, _id: propertyId }),
    ]);
    const address = property?.address ?? '';
    return { sender: name, address: address === '' ? null : address, timeZone: property?.timeZone ?? 'UTC' };
  }
}

interface About {
  readonly textLanguage: string;
  readonly reader: Frame['reader'];
  readonly emergency: boolean;
  readonly values: FieldValues;
  readonly around: Pick<Around, 'unsubscribe' | 'replyTo'>;
}
export function frameOf({ sender, address }: Letterhead, { textLanguage, reader, emergency, values, around }: About): Frame {
  const settings = values['alert.settings'];
  const phone = values['property.phone'];
  const language: TemplateLanguage = languageOf(textLanguage);
  return {
    ...{ language, textLanguage, sender, address, reader, emergency },
    phone: typeof phone === 'string' ? phone : null,
    answersAreRead: around.replyTo !== null,
    unsubscribe: around.unsubscribe,
    alertSettings: typeof settings === 'string' ? settings : null,
  };
}
