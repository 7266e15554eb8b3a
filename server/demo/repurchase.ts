/**
 * How often the generated retailer's customers come back: figures fitted to the real Online Retail data
 * (see data/online-retail). Data only; the generator turns it into orders.
 *
 * How it was computed. Orders are the invoices of a customer (first line's time), 18,536 by 4,339 customers in
 * 373 days. Order days follow a gamma mixture of Poisson rates (the NBD part of BG/NBD, Fader, Hardie & Lee
 * 2005), fitted by maximum likelihood to (repeat days, recency, age) of every customer: r = 0.861,
 * alpha = 71.8 days. The drop-out part of the model fits to zero (the data are too short to tell a customer who
 * left from a slow one), so there is none. Invoices on a day already counted are added apart.
 */

/**
 * The real figures that the generated orders of the first 373 days are compared with (tests/demo/generated.test.ts;
 * data/README.md shows both).
 */
export const ONLINE_RETAIL = {
  days: 373,
  /** Customers with at least two orders, of those with one. */
  repeatRate: 0.656,
  ordersPerCustomer: 4.27,
  /** Quantiles of orders a customer. */
  ordersQuantiles: { 0.5: 2, 0.75: 5, 0.9: 9, 0.95: 13 },
  /** Quantiles of days between successive orders. */
  gapDaysQuantiles: { 0.25: 6.8, 0.5: 21.9, 0.75: 51.0, 0.9: 103.0 },
  /** Of customers whose first order is that long before the end of the data. */
  secondOrderWithinDays: { 30: 0.223, 60: 0.377, 90: 0.477 },
  /** Customers of a month's cohort who order in month 1 to 6 after, cohorts of 2011-01 to 2011-05 together. */
  monthlyRetention: 0.227,
} as const;

/** Share of gaps between orders that end on the same day. */
export const SAME_DAY_SHARE = 0.1056;

/** The wait for the second order against later ones of the same customer, chosen to meet the figures above. */
export const FIRST_GAP_FACTOR = 1.3;

/**
 * Orders per day of a customer, times 10,000: means of the hundredths of Gamma(shape 0.8614, rate 71.79 days).
 */
export const ORDER_RATES_PER_10000_DAYS: readonly number[] = [
  0.29, 1.01, 1.83, 2.71, 3.63, 4.6, 5.61, 6.65, 7.72, 8.82, 9.95, 11.1, 12.3, 13.5, 14.7, 16.0, 17.3, 18.6,
  19.9, 21.3, 22.7, 24.1, 25.6, 27.0, 28.5, 30.1, 31.6, 33.2, 34.8, 36.4, 38.1, 39.8, 41.6, 43.3, 45.1, 46.9,
  48.8, 50.7, 52.7, 54.6, 56.6, 58.7, 60.8, 62.9, 65.1, 67.3, 69.6, 71.9, 74.3, 76.7, 79.2, 81.8, 84.3, 87.0,
  89.7, 92.5, 95.4, 98.3, 101.0, 104.0, 108.0, 111.0, 114.0, 118.0, 121.0, 125.0, 128.0, 132.0, 136.0, 141.0,
  145.0, 149.0, 154.0, 159.0, 164.0, 169.0, 174.0, 180.0, 186.0, 192.0, 199.0, 205.0, 213.0, 220.0, 229.0,
  237.0, 247.0, 257.0, 268.0, 280.0, 293.0, 308.0, 325.0, 344.0, 366.0, 393.0, 427.0, 473.0, 544.0, 732.0,
];
