// Says nothing while all is well: failures in full, then what was left out, then the count.
const MINUTE_MS = 60_000;

export default class QuietReporter {
  onTestResult(_test, result) {
    if (result.failureMessage) process.stdout.write(`${result.failureMessage}\n`);
    for (const { status, fullName } of result.testResults) {
      if (status === 'pending' || status === 'todo') process.stdout.write(`skipped: ${fullName}\n`);
    }
  }

  onRunComplete(_contexts, results) {
    const crashed = results.numRuntimeErrorTestSuites;
    const failed = results.numFailedTests + crashed;
    const skipped = results.numPendingTests + results.numTodoTests;
    const tookMs = Date.now() - results.startTime;
    const files = `${results.numTotalTestSuites} files`;
    process.stdout.write(`${files} in ${(tookMs / MINUTE_MS).toFixed(1)} min\n`);
    process.stdout.write(
      `${results.numPassedTests} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`,
    );
  }
}
