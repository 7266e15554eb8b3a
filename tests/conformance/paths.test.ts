/** The paths cases through the GraphQL schema. */
import { holdCases } from './hold.ts';
import * as paths from './paths-cases.ts';

holdCases(['paths', 'more-paths'], paths);
