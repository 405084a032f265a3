package org.unet4j.badhouse.infer;

import org.unet4j.badhouse.train.Trainer;

/** Imports upwards. */
record KnowsTheTrainer(Trainer trainer) {}
