/** The GraphQL enum of roles. */
import { ROLES } from '../../access/role.ts';
import { enumOf } from './selection.types.ts';

export const RoleEnum = enumOf(ROLES, 'Role', undefined, {
  VIEWER: { description: 'Sees dashboards and aggregates, no personal data.' },
  ANALYST: { description: 'Also drills into customers and saves reports.' },
  WRITER: { description: 'Sends events only.' },
  ADMIN: { description: 'Everything.' },
});
