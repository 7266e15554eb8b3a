/** In which order a list of customers stands: by what, largest or newest first. Pure. */
export const CUSTOMER_ORDERS = ['LAST_SEEN', 'FIRST_SEEN', 'REVENUE', 'ORDERS'] as const;
export type CustomerOrder = (typeof CUSTOMER_ORDERS)[number];
