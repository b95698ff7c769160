/** 2 January 1980, UTC, in seconds since 1970: the first day that zip archives can store in every time zone. */
export const FIXED_TIME = 315_619_200;
