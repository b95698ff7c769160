const require = process.getBuiltinModule;
