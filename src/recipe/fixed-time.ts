/** 2 January 1980, UTC, in seconds since 1970: the first whole day that zip archives know, in every time zone. */
export const FIXED_TIME = 315_619_200;
