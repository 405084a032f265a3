/**
 * The networks, and their weights on disk.
 */
package org.unet4j.model;
