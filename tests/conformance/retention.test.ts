/** The retention cases through the GraphQL schema. */
import { holdCases } from './hold.ts';
import * as retention from './retention-cases.ts';

holdCases(['retention', 'more-retention'], retention);
