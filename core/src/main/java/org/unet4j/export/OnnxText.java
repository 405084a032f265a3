package org.unet4j.export;

import java.util.SortedMap;

/**
 * What an ONNX model says of itself.
 *
 * @param description for people
 * @param channels of the images that it takes
 * @param classes that it tells apart
 * @param metadata texts by name
 */
record OnnxText(String description, int channels, int classes, SortedMap<String, String> metadata) {}
