package org.unet4j.io;

import java.nio.file.Path;
import java.util.SortedMap;

/**
 * The files of one case of a {@link DatasetSource}, each by the place that it gets in the dataset.
 *
 * @param id the case's name
 * @param images one a channel
 * @param labels the label map, if there is one
 */
record SourceCase(String id, SortedMap<String, Path> images, SortedMap<String, Path> labels) {}
