/** The cases of growth through the GraphQL schema. */
import { holdCases } from './hold.ts';
import * as lifecycle from './lifecycle-cases.ts';

holdCases(['lifecycle', 'more-lifecycle'], lifecycle);
