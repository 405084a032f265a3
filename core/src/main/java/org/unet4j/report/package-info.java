/**
 * Results for people: tables for a terminal and Markdown, self-contained HTML pages with charts and slices, and files
 * for TensorBoard. Nothing here trains or predicts; what is shown comes in as records.
 *
 * <p>Start with {@link org.unet4j.report.BenchmarkResult} (the content of {@code results.json}), {@link
 * org.unet4j.report.BenchmarkPage} and {@link org.unet4j.report.BenchmarkTable}.
 *
 * <pre>{@code
 * BenchmarkResult result = BenchmarkResult.read(Path.of("results.json"));
 * System.out.println(new BenchmarkTable(result).text());
 * new BenchmarkPage(result, BenchmarkPage.Extras.NONE).write(Path.of("report.html"));
 * }</pre>
 */
package org.unet4j.report;
