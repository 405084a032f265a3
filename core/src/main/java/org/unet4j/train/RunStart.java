package org.unet4j.train;

import java.nio.file.Path;

/**
 * What is known when a run begins or goes on.
 *
 * @param folder the run folder, in which everything lies that describes the run
 * @param firstStep steps done before, 0 for a new run
 * @param steps length of the whole run
 * @param trainingCases cases that are learned from
 * @param validationCases cases that are scored at the end
 * @param parameters trainable numbers in the network
 */
public record RunStart(
        Path folder, int firstStep, int steps, int trainingCases, int validationCases, long parameters) {}
