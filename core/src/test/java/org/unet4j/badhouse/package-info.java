/** A house built wrong on purpose, to see that the architecture's rules find each fault. Nothing here is used. */
package org.unet4j.badhouse;
