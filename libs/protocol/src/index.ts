export * from './http/events';
export * from './http/files';
export * from './http/lists';
export * from './http/peers';
export * from './http/problem';
export * from './http/status';
export * from './http/transfers';
