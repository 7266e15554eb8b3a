/**
 * Property tests look at the same random cases in every run, so that a change is judged by what it changes.
 * `SEED=random npm test` looks at others, and `SEED=NUMBER` again at those of a failure, which names its seed.
 */
import fc from 'fast-check';

const { SEED = '1' } = process.env;
if (SEED !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(SEED) });
