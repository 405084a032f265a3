/**
 * Puts networks side by side: the same plan, seeds, steps, order of data and augmentations, each scored by its last
 * checkpoint on cases that it has not seen, on the scans' own grids.
 *
 * <p>Start with {@link org.unet4j.benchmark.BenchmarkConfig} (what is compared) and {@link
 * org.unet4j.benchmark.Benchmark} (does it, and goes on after an interruption).
 *
 * <pre>{@code
 * BenchmarkConfig config = BenchmarkConfig.of(ModelSpec.names(), "fold 0", training);
 * Benchmark benchmark = new Benchmark(config, store, dataset, split, out, Device.best());
 * benchmark.run(BenchmarkListener.silent(), () -> false).ifPresent(result ->
 *         System.out.println(new BenchmarkTable(result).text()));
 * }</pre>
 *
 * <p>{@link org.unet4j.benchmark.Throughput} measures how fast networks train, against a naive path too.
 */
package org.unet4j.benchmark;
