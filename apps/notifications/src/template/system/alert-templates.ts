import { defineAlert } from './define-alert.js';

export const alertHoldWaiting = defineAlert({
  name: 'alert-hold-waiting',
  label: 'Alert: removals wait',
  describe: 'A sync wanted to remove more people than the policy allows unasked.',
  optional: ['hold.removals'],
  texts: {
    en: {
      subject: '{{ hold.removals | default: "Some" }} move-outs of {{ property.name | default: "a property" }} wait for you',
      preheader: 'Nobody has been removed yet.',
      body: '<p>The last sync would remove more residents than the policy lets go unasked. Nobody has been removed. Look at the list, and approve or reject it.</p>',
      button: 'Look at the list',
    },
    es: {
      subject: '{{ hold.removals | default: "Varias" }} bajas en {{ property.name | default: "una propiedad" }} te esperan',
      preheader: 'Todavía no se ha dado de baja a nadie.',
      body: '<p>La última sincronización daría de baja a más residentes de los que la política permite sin preguntar. No se ha dado de baja a nadie. Mira la lista y apruébala o recházala.</p>',
      button: 'Ver la lista',
    },
    fr: {
      subject: '{{ hold.removals | default: "Des" }} départs de {{ property.name | default: "une résidence" }} vous attendent',
      preheader: 'Personne n’a encore été retiré.',
      body: '<p>La dernière synchronisation retirerait plus de résidents que la règle ne le permet sans demander. Personne n’a été retiré. Consultez la liste, puis approuvez-la ou rejetez-la.</p>',
      button: 'Voir la liste',
    },
  },
});

export const alertConnectionFailing = defineAlert({
  name: 'alert-connection-failing',
  label: 'Alert: connection failing',
  describe: 'A connection to a PMS failed several times in a row.',
  optional: ['connection.name', 'connection.problem', 'connection.since'],
  texts: {
    en: {
      subject: 'The connection {{ connection.name }} is failing',
      preheader: 'Changes in the PMS do not arrive until it works again.',
      body: '<blockquote>{{ connection.problem | optional }}</blockquote><p>Until it works again, changes in the PMS do not arrive here. Nobody loses access because of it.</p><p>It worked last: {{ connection.since | optional }}</p>',
      button: 'Look at the connection',
    },
    es: {
      subject: 'La conexión {{ connection.name }} está fallando',
      preheader: 'Los cambios del PMS no llegan hasta que vuelva a funcionar.',
      body: '<blockquote>{{ connection.problem | optional }}</blockquote><p>Hasta que vuelva a funcionar, los cambios del PMS no llegan aquí. Nadie pierde el acceso por ello.</p><p>Funcionó por última vez: {{ connection.since | optional }}</p>',
      button: 'Ver la conexión',
    },
    fr: {
      subject: 'La connexion {{ connection.name }} est en échec',
      preheader: 'Les changements du PMS n’arrivent plus pour le moment.',
      body: '<blockquote>{{ connection.problem | optional }}</blockquote><p>Tant qu’elle ne fonctionne pas, les changements du PMS n’arrivent pas ici. Personne ne perd son accès pour autant.</p><p>Dernier fonctionnement : {{ connection.since | optional }}</p>',
      button: 'Voir la connexion',
    },
  },
});

export const alertConnectionRecovered = defineAlert({
  name: 'alert-connection-recovered',
  label: 'Alert: connection works again',
  describe: 'A connection to a PMS that was failing works again.',
  optional: ['connection.name'],
  texts: {
    en: {
      subject: 'The connection {{ connection.name }} works again',
      preheader: 'There is nothing to do.',
      body: '<p>What changed in the PMS meanwhile arrives with the next sync. There is nothing to do.</p>',
      button: 'Look at the connection',
    },
    es: {
      subject: 'La conexión {{ connection.name }} vuelve a funcionar',
      preheader: 'No tienes que hacer nada.',
      body: '<p>Lo que ha cambiado entretanto en el PMS llega con la próxima sincronización. No tienes que hacer nada.</p>',
      button: 'Ver la conexión',
    },
    fr: {
      subject: 'La connexion {{ connection.name }} fonctionne à nouveau',
      preheader: 'Il n’y a rien à faire.',
      body: '<p>Ce qui a changé entre-temps dans le PMS arrive avec la prochaine synchronisation. Il n’y a rien à faire.</p>',
      button: 'Voir la connexion',
    },
  },
});

export const alertControllerDown = defineAlert({
  name: 'alert-controller-down',
  label: 'Alert: controller down',
  describe: 'A Wi-Fi controller does not answer.',
  optional: ['controller.name', 'controller.since'],
  texts: {
    en: {
      subject: 'The Wi-Fi controller {{ controller.name }} does not answer',
      preheader: 'New keys, blocks and removals wait until it does.',
      body: '<p>Whoever is online stays online. New keys, blocks and removals wait until it answers again.</p><p>No answer since: {{ controller.since | optional }}</p>',
      button: 'Look at the controller',
    },
    es: {
      subject: 'El controlador Wi-Fi {{ controller.name }} no responde',
      preheader: 'Las claves nuevas, los bloqueos y las bajas esperan.',
      body: '<p>Quien está conectado sigue conectado. Las claves nuevas, los bloqueos y las bajas esperan hasta que vuelva a responder.</p><p>Sin respuesta desde: {{ controller.since | optional }}</p>',
      button: 'Ver el controlador',
    },
    fr: {
      subject: 'Le contrôleur Wi-Fi {{ controller.name }} ne répond pas',
      preheader: 'Les nouvelles clés, les blocages et les retraits attendent.',
      body: '<p>Qui est connecté le reste. Les nouvelles clés, les blocages et les retraits attendent qu’il réponde à nouveau.</p><p>Sans réponse depuis : {{ controller.since | optional }}</p>',
      button: 'Voir le contrôleur',
    },
  },
});

export const alertBlockUndeliverable = defineAlert({
  name: 'alert-block-undeliverable',
  label: 'Alert: rent block not delivered',
  describe: 'The notice of a rent block reached nobody, so nothing is blocked.',
  optional: ['block.resident', 'block.reason'],
  texts: {
    en: {
      subject: 'A rent block notice did not reach {{ block.resident | default: "a resident" }}',
      preheader: 'The Wi-Fi was not blocked.',
      body: '<p>The Wi-Fi was not blocked: nobody is blocked without having been told. Correct the address and send the notice again.</p><blockquote>{{ block.reason | optional }}</blockquote>',
      button: 'Look at the block',
    },
    es: {
      subject: 'Un aviso de bloqueo no ha llegado a {{ block.resident | default: "un residente" }}',
      preheader: 'El Wi-Fi no se ha bloqueado.',
      body: '<p>El Wi-Fi no se ha bloqueado: no se bloquea a nadie sin avisar. Corrige la dirección y vuelve a enviar el aviso.</p><blockquote>{{ block.reason | optional }}</blockquote>',
      button: 'Ver el bloqueo',
    },
    fr: {
      subject: 'Un avis de blocage n’est pas parvenu à {{ block.resident | default: "un résident" }}',
      preheader: 'Le Wi-Fi n’a pas été bloqué.',
      body: '<p>Le Wi-Fi n’a pas été bloqué : personne n’est bloqué sans avoir été prévenu. Corrigez l’adresse et renvoyez l’avis.</p><blockquote>{{ block.reason | optional }}</blockquote>',
      button: 'Voir le blocage',
    },
  },
});

export const alertDeliveriesUnknown = defineAlert({
  name: 'alert-deliveries-unknown',
  label: 'Alert: deliveries unknown',
  describe: 'Nobody knows whether some messages went out; a person decides.',
  optional: ['alert.count', 'message.subject'],
  texts: {
    en: {
      subject: 'Nobody knows whether {{ alert.count | default: "some" }} messages went out',
      preheader: 'They are not repeated until somebody decides.',
      body: '<p>The connection to the provider broke in the middle. These messages may have arrived or not; they are not sent again until somebody decides, so that nobody receives one twice.</p><p>Message: <strong>{{ message.subject | optional }}</strong></p>',
      button: 'Look at them',
    },
    es: {
      subject: 'No se sabe si {{ alert.count | default: "algunos" }} mensajes han salido',
      preheader: 'No se repiten hasta que alguien decida.',
      body: '<p>La conexión con el proveedor se cortó a mitad. Puede que estos mensajes hayan llegado o no; no se vuelven a enviar hasta que alguien decida, para que nadie reciba uno dos veces.</p><p>Mensaje: <strong>{{ message.subject | optional }}</strong></p>',
      button: 'Verlos',
    },
    fr: {
      subject: 'On ignore si {{ alert.count | default: "certains" }} messages sont partis',
      preheader: 'Ils ne sont pas renvoyés sans décision.',
      body: '<p>La connexion au fournisseur s’est rompue en cours d’envoi. Ces messages sont peut-être arrivés ; ils ne sont pas renvoyés tant que personne ne décide, afin que nul n’en reçoive deux.</p><p>Message : <strong>{{ message.subject | optional }}</strong></p>',
      button: 'Les voir',
    },
  },
});

export const alertDeadLetters = defineAlert({
  name: 'alert-dead-letters',
  label: 'Alert: events set aside',
  describe: 'A service could not handle some events; they wait for a person.',
  optional: ['alert.count', 'alert.service'],
  texts: {
    en: {
      subject: '{{ alert.service | default: "A service" }} set {{ alert.count | default: "some" }} events aside',
      preheader: 'They are kept and can be replayed.',
      body: '<p>They could not be handled, also after many tries. Nothing is lost: look at the reason, mend it, and replay them. Whoever runs the deployment sees them with this command, and <em>show</em> and <em>replay</em> in place of <em>list</em> do the rest:</p><pre>{{ alert.way }}</pre>',
      button: null,
    },
    es: {
      subject: '{{ alert.service | default: "Un servicio" }} ha apartado {{ alert.count | default: "algunos" }} eventos',
      preheader: 'Se conservan y se pueden repetir.',
      body: '<p>No se han podido procesar, tampoco tras muchos intentos. No se pierde nada: mira el motivo, corrígelo y repítelos. Quien administra la instalación los ve con este comando; <em>show</em> y <em>replay</em> en lugar de <em>list</em> hacen el resto:</p><pre>{{ alert.way }}</pre>',
      button: null,
    },
    fr: {
      subject: '{{ alert.service | default: "Un service" }} a mis {{ alert.count | default: "des" }} événements de côté',
      preheader: 'Ils sont conservés et peuvent être rejoués.',
      body: '<p>Ils n’ont pas pu être traités, même après de nombreux essais. Rien n’est perdu : voyez la raison, corrigez-la et rejouez-les. Qui exploite l’installation les voit avec cette commande ; <em>show</em> et <em>replay</em> au lieu de <em>list</em> font le reste :</p><pre>{{ alert.way }}</pre>',
      button: null,
    },
  },
});

export const alertPeopleNotInvited = defineAlert({
  name: 'alert-people-not-invited',
  label: 'Alert: new people are not invited',
  describe: 'Who arrived in a property and waits for an invitation, once a day where the property wants it.',
  optional: ['alert.count', 'people.names'],
  texts: {
    en: {
      subject: 'Not invited yet at {{ property.name | default: "a property" }}: {{ alert.count | default: "some" }} new',
      preheader: 'They wait for their welcome mail.',
      body: '<p>These people arrived with the last syncs and have no welcome mail yet: {{ people.names | optional }}</p><p>Filter the residents by Not Invited, select them, and choose Resend Invitation.</p>',
      button: 'Look at the residents',
    },
    es: {
      subject:
        'Sin invitar en {{ property.name | default: "una propiedad" }}: {{ alert.count | default: "varias" }} personas nuevas',
      preheader: 'Esperan su correo de bienvenida.',
      body: '<p>Estas personas llegaron con las últimas sincronizaciones y aún no tienen correo de bienvenida: {{ people.names | optional }}</p><p>Filtra los residentes por «Not Invited», selecciónalos y elige «Resend Invitation».</p>',
      button: 'Ver los residentes',
    },
    fr: {
      subject:
        'Pas encore invités à {{ property.name | default: "une résidence" }} : {{ alert.count | default: "des" }} nouveaux',
      preheader: 'Ils attendent leur message de bienvenue.',
      body: '<p>Ces personnes sont arrivées avec les dernières synchronisations et n’ont pas encore de message de bienvenue : {{ people.names | optional }}</p><p>Filtrez les résidents par « Not Invited », sélectionnez-les et choisissez « Resend Invitation ».</p>',
      button: 'Voir les résidents',
    },
  },
});

export const alertImportAutomatic = defineAlert({
  name: 'alert-import-automatic',
  label: 'Alert: an import became automatic',
  describe: 'New people of a property arrive by themselves from now on.',
  optional: ['alert.count'],
  texts: {
    en: {
      subject: '{{ property.name | default: "A property" }} now imports automatically',
      preheader: 'New people arrive by themselves from now on.',
      body: '<p>New people arrive by themselves from now on: Not Invited, or invited at once where the property wants it. Still in Pending Import: {{ alert.count | default: "see there" }}. They go on waiting until somebody imports or dismisses them.</p><p>The import can be set back to manual there.</p>',
      button: 'Look at the property',
    },
    es: {
      subject: '{{ property.name | default: "Una propiedad" }} ahora importa automáticamente',
      preheader: 'Las personas nuevas llegan por sí solas desde ahora.',
      body: '<p>Desde ahora las personas nuevas llegan por sí solas: sin invitar, o invitadas enseguida donde la propiedad lo quiere. Todavía en «Pending Import»: {{ alert.count | default: "ver allí" }}. Siguen esperando hasta que alguien las importe o las descarte.</p><p>Allí la importación puede volver a ser manual.</p>',
      button: 'Ver la propiedad',
    },
    fr: {
      subject: '{{ property.name | default: "Une résidence" }} importe maintenant automatiquement',
      preheader: 'Les nouvelles personnes arrivent désormais d’elles-mêmes.',
      body: '<p>Les nouvelles personnes arrivent désormais d’elles-mêmes : non invitées, ou invitées aussitôt là où la résidence le veut. Encore en « Pending Import » : {{ alert.count | default: "voir sur place" }}. Elles attendent jusqu’à ce que quelqu’un les importe ou les écarte.</p><p>L’importation peut y redevenir manuelle.</p>',
      button: 'Voir la résidence',
    },
  },
});

export const alertDigest = defineAlert({
  name: 'alert-digest',
  label: 'Digest of alerts',
  describe: 'What happened since the last digest, in one mail.',
  optional: ['alert.lines', 'alert.count'],
  texts: {
    en: {
      subject: '{{ alert.count | default: "Some" }} alerts at {{ organization.name }}',
      preheader: 'What happened since the last digest.',
      body: '<p>Since the last digest:</p><p>{{ alert.lines }}</p>',
      button: 'See what needs me',
    },
    es: {
      subject: '{{ alert.count | default: "Varias" }} alertas en {{ organization.name }}',
      preheader: 'Lo que ha pasado desde el último resumen.',
      body: '<p>Desde el último resumen:</p><p>{{ alert.lines }}</p>',
      button: 'Ver lo pendiente',
    },
    fr: {
      subject: '{{ alert.count | default: "Des" }} alertes chez {{ organization.name }}',
      preheader: 'Ce qui s’est passé depuis le dernier récapitulatif.',
      body: '<p>Depuis le dernier récapitulatif :</p><p>{{ alert.lines }}</p>',
      button: 'Voir ce qui m’attend',
    },
  },
});
