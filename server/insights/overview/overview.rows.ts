/** What the overview's statements return. */

/** Stands for what happened in the range before among the positions of intervals; what came earlier stands at BEFORE. */
export const PREVIOUS = -1;
export const BEFORE = -2;

/** Stands for the whole range among the positions. */
export const TOTAL = -3;

export interface SalesRow {
  /** 1 for the range before. */
  readonly is_previous: number;
  /** 1 for the whole range. */
  readonly is_total: number;
  /** Position of the interval. */
  readonly position: number;
  readonly revenue: string;
  readonly orders: string;
  readonly order_revenue: string;
  readonly buyers: string;
}

export interface ActiveRow {
  /** Position of the interval, PREVIOUS or TOTAL. */
  readonly position: number;
  readonly active: string;
}

export interface MilestoneRow {
  /** Position of the interval, PREVIOUS or BEFORE. */
  readonly position: number;
  /** Customers first seen then. */
  readonly seen: string;
  /** Customers whose first order fell then. */
  readonly first_orders: string;
  /** Customers whose second order fell then. */
  readonly second_orders: string;
}

export interface ChurnRow {
  /** Position of the span in the list, from 1. */
  readonly span: number;
  readonly customers: string;
  readonly churned: string;
}
