import type { INestMicroservice, Type } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy } from '@nestjs/microservices';

/** A Nest application of these controllers on one transport. */
export async function nestApp(strategy: CustomTransportStrategy, ...controllers: Type[]): Promise<INestMicroservice> {
  class TestModule {}
  Module({ controllers })(TestModule);
  const app = await NestFactory.createMicroservice(TestModule, { strategy, logger: false, abortOnError: false });
  await app.listen();
  return app;
}
