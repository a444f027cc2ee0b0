import type { TemplateLanguage } from '@leasewire/contracts';

/** What the layout itself says, around whatever the template says. */
export interface FrameWords {
  readonly copyLink: string;
  readonly residentOf: (property: string) => string;
  readonly staffOf: (organization: string) => string;
  readonly addressed: (sender: string) => string;
  readonly noReply: string;
  readonly unsubscribe: string;
  readonly alertSettings: string;
  readonly emergency: string;
}

export const frameWords: Readonly<Record<TemplateLanguage, FrameWords>> = {
  en: {
    copyLink: 'The button does not work? Copy this address into your browser:',
    residentOf: (property) => `You receive this because you have a home at ${property}.`,
    staffOf: (organization) => `You receive this because you work with ${organization}.`,
    addressed: (sender) => `${sender} sent this to you.`,
    noReply: 'Answers to this mail are not read.',
    unsubscribe: 'Stop receiving mail of this kind',
    alertSettings: 'Choose which alerts you receive',
    emergency: 'Emergency',
  },
  es: {
    copyLink: '¿No funciona el botón? Copia esta dirección en tu navegador:',
    residentOf: (property) => `Recibes este mensaje porque tienes tu hogar en ${property}.`,
    staffOf: (organization) => `Recibes este mensaje porque trabajas con ${organization}.`,
    addressed: (sender) => `${sender} te ha enviado este mensaje.`,
    noReply: 'Las respuestas a este correo no se leen.',
    unsubscribe: 'Dejar de recibir correos de este tipo',
    alertSettings: 'Elegir qué alertas recibes',
    emergency: 'Emergencia',
  },
  fr: {
    copyLink: 'Le bouton ne fonctionne pas ? Copiez cette adresse dans votre navigateur :',
    residentOf: (property) => `Vous recevez ce message parce que vous avez un logement à ${property}.`,
    staffOf: (organization) => `Vous recevez ce message parce que vous travaillez avec ${organization}.`,
    addressed: (sender) => `${sender} vous a envoyé ce message.`,
    noReply: 'Les réponses à ce message ne sont pas lues.',
    unsubscribe: 'Ne plus recevoir ce type de messages',
    alertSettings: 'Choisir les alertes que vous recevez',
    emergency: 'Urgence',
  },
};
