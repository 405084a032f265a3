/**
 * From bytes to volumes and records, and back: medical images, datasets, and the files that describe a run.
 *
 * <p>Read first: {@link org.unet4j.io.Dataset} (what belongs to which patient), {@link org.unet4j.io.Yaml} (records as
 * files that a person can edit), {@link org.unet4j.io.Phantom} (synthetic CTs where there are no real ones).
 *
 * <pre>{@code
 * Dataset dataset = Dataset.open(Path.of("Task04_Hippocampus"));
 * Case first = dataset.training().get(0);
 * LoadedCase.read(dataset, first).findings().problems().forEach(System.out::println);
 * Scan scan = first.readScan();
 * Split fold = Splits.fiveFold(dataset.trainingIds()).get(0);
 * }</pre>
 */
package org.unet4j.io;
