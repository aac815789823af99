/** Runs a tool; what goes wrong becomes one line and exit code 1. */
export async function runTool(tool) {
  try {
    await tool();
  } catch (error) {
    console.error(process.env['FERRY_TOOL_TRACE'] ? error : error.message);
    process.exitCode = 1;
  }
}
