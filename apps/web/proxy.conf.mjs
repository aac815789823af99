// For the dev server. Host and Origin go on unchanged: the node checks both itself.
const httpPort = process.env['FERRY_HTTP_PORT'] || '5000';

export default {
  '/api': { target: `http://127.0.0.1:${httpPort}`, changeOrigin: false },
};
