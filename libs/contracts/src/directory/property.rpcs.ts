import { z } from 'zod';
import { defineRpc } from '../define.js';
import { PropertyId } from '../ids.js';
import { PageQuery, pageOf, TimeZone } from '../words.js';
import { Locale } from '../identity/words.js';
import { Address, Country, EditedVersion, Property, PropertyKind, ImportMode } from './words.js';

const PropertyFields = z.object({
  name: z.string().trim().min(1).max(200),
  kind: PropertyKind,
  timeZone: TimeZone,
  country: Country.default('AU'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('AUD'),
  address: Address.default({}),
  language: Locale.nullable().optional().describe('Of its residents, where nobody has said another; null: English'),
});
export const createProperty = defineRpc('directory.create-property', {
  does: 'command',
  input: PropertyFields,
  output: Property,
  errors: ['property.name-taken'],
  permission: 'residence.properties:full',
  describe: 'Add a property by hand. Properties of a PMS are adopted through their connection.',
});
/** For pms-sync, when staff adopt a property of a PMS; the same upstream property gives the same answer again. */
export const adoptProperty = defineRpc('directory.adopt-property', {
  does: 'command',
  input: PropertyFields.extend({
    connectionId: z.string(),
    upstreamId: z.string().max(100),
    linkTo: PropertyId.optional().describe('Link to this property, made by hand before, instead of a new one'),
  }),
  output: Property,
  errors: ['not-found', 'property.already-linked'],
  permission: 'accounts.integrations:full',
  describe: 'Keep a property in step with a PMS from now on. Its first import is silent.',
});
export const releaseProperty = defineRpc('directory.release-property', {
  does: 'command',
  input: z.object({ propertyId: PropertyId, residents: z.enum(['keep', 'archive']) }),
  output: Property,
  errors: ['not-found'],
  permission: 'accounts.integrations:full',
  describe: 'End the link of a property with its PMS; its people stay as they are, or are archived.',
  timeoutMs: 10_000,
});
export const getProperty = defineRpc('directory.get-property', {
  does: 'query',
  input: z.object({ propertyId: PropertyId }),
  output: Property,
  errors: ['not-found'],
  permission: 'residence.properties:view',
  describe: 'One property with its counts.',
});
export const listProperties = defineRpc('directory.list-properties', {
  does: 'query',
  input: PageQuery.extend({
    search: z.string().max(100).optional(),
    state: z.enum(['active', 'archived']).default('active'),
    kind: PropertyKind.optional(),
    importMode: ImportMode.optional(),
    started: z.boolean().optional().describe('Whether its service has started'),
    connectionId: z.string().max(100).optional().describe('Kept in step by this connection'),
    withCounts: z.boolean().optional().describe('With how many units, residents and pending imports each has'),
    withTotal: z.boolean().optional(),
  }),
  output: pageOf(Property),
  errors: ['cursor.invalid'],
  permission: 'residence.properties:view',
  describe: 'The properties that the caller may see, by name.',
});
export const updateProperty = defineRpc('directory.update-property', {
  does: 'command',
  input: z.object({
    propertyId: PropertyId,
    name: z.string().trim().min(1).max(200).optional(),
    timeZone: TimeZone.optional(),
    country: Country.optional(),
    address: Address.optional(),
    language: Locale.nullable().optional().describe('Of its residents, where nobody has said another, such as es; null: English'),
    importMode: ImportMode.optional(),
    version: EditedVersion,
  }),
  output: Property,
  errors: ['not-found', 'conflict.version', 'property.name-taken'],
  permission: 'residence.properties:full',
  describe:
    'Change a property. An import mode that is set by hand stays until somebody changes it. A language holds for mails and pages of all its residents of whom nobody has said another.',
});
export const archiveProperty = defineRpc('directory.archive-property', {
  does: 'command',
  input: z.object({ propertyId: PropertyId, version: EditedVersion }),
  output: Property,
  errors: ['not-found', 'conflict.version', 'property.in-use', 'property.connected'],
  permission: 'residence.properties:full',
  describe: 'Put a property away; nobody may have access in it any more.',
});
